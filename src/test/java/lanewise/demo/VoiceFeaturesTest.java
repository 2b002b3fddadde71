package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VoiceFeaturesTest {

    @Test
    void silenceIsTheFloor() {
        byte[] features = VoiceFeatures.of(new short[VoiceFeatures.samples(3)], 0, 3);
        assertEquals(3 * VoiceFeatures.CHANNELS, features.length);
        for (byte value : features) {
            assertEquals(20, value); // 40 dB in steps of 2
        }
    }

    /** A tone is loudest in the band whose middle on the mel scale is nearest to it, and ten times the amplitude is 20 dB more. */
    @Test
    void aToneIsLoudestInItsBand() {
        double low = mel(60);
        double width = (mel(3900) - low) / 21;
        int tones = 0;
        for (int frequency = 200; frequency < 3800; frequency += 100) {
            double place = (mel(frequency) - low) / width - 1;
            if (Math.abs(place - Math.rint(place)) < 0.25) { // near the middle of a band
                byte[] quiet = VoiceFeatures.of(tone(frequency, 1000), 0, 1);
                byte[] loud = VoiceFeatures.of(tone(frequency, 10_000), 0, 1);
                int band = (int) Math.rint(place);
                for (int other = 0; other < VoiceFeatures.CHANNELS; other++) {
                    assertTrue(quiet[band] >= quiet[other], frequency + " Hz: band " + band + ", but " + other);
                }
                assertEquals(10, loud[band] - quiet[band], 1);
                tones++;
            }
        }
        assertTrue(tones > 10, tones + " tones");
    }

    /** The power of a sine in the middle of a spectrum line: (amplitude / 2 times the sum of the window)^2, by a triangle's weight. */
    @Test
    void decibelsOfAToneOnASpectrumLine() {
        int line = 32; // 1000 Hz
        double low = mel(60);
        double width = (mel(3900) - low) / 21;
        byte[] features = VoiceFeatures.of(tone(1000, 8000), 0, 1);
        double sumOfWindow = 127.5; // a Hann window of 256 samples
        double power = 0;
        int band = (int) Math.rint((mel(1000) - low) / width - 1);
        for (int k = line - 1; k <= line + 1; k++) { // the Hann window spreads a line to its neighbours, at half the amplitude
            double weight = 1 - Math.abs(mel(k * 31.25) - low - (band + 1) * width) / width;
            power += weight * Math.pow(8000 / 2.0 * sumOfWindow * (k == line ? 1 : 0.5), 2);
        }
        assertEquals(10 * Math.log10(power) / 2, features[band], 0.51);
    }

    @Test
    void framesAreAHopApart() {
        short[] samples = tone(700, 5000);
        byte[] all = VoiceFeatures.of(samples, 0, 4);
        byte[] third = VoiceFeatures.of(samples, 2 * VoiceFeatures.HOP, 1);
        assertArrayEquals(third, Arrays.copyOfRange(all, 2 * VoiceFeatures.CHANNELS, 3 * VoiceFeatures.CHANNELS));
        short[] click = new short[VoiceFeatures.samples(4)];
        click[VoiceFeatures.samples(4) - 100] = 30_000;
        byte[] heard = VoiceFeatures.of(click, 0, 4);
        assertEquals(20, heard[0]);
        assertTrue(heard[3 * VoiceFeatures.CHANNELS + 10] > 20, "the last frame covers the last samples");
    }

    private static short[] tone(double frequency, double amplitude) {
        short[] samples = new short[VoiceFeatures.samples(4)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * frequency * i / VoiceFeatures.RATE));
        }
        return samples;
    }

    private static double mel(double frequency) {
        return 1127 * Math.log(1 + frequency / 700);
    }
}
