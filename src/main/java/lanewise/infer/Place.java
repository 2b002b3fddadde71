package lanewise.infer;

/**
 * Where a value lies when the program runs.
 *
 * @param array number of the array: 0 is the arena, then come the network's inputs, then its outputs
 * @param offset of its first float
 */
record Place(int array, int offset) {}
