package lanewise.peers;

import java.util.List;

/**
 * Those who compute the same.
 *
 * @param multiplyAdds of one call, by the definition, padding counted as work; 0 where nothing is multiplied
 * @param peers none, where nobody else computes it
 */
record Match(long multiplyAdds, Contender ours, List<Contender> peers) implements AutoCloseable {

    @Override
    public void close() {
        ours.close();
        peers.forEach(Contender::close);
    }
}
