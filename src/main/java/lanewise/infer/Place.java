package lanewise.infer;

/**
 * Where a value lies when the program runs.
 *
 * @param array number of the array: 0 is the arena, then come the network's inputs, its outputs, and what an image needs
 * @param offset of its first float
 * @param step floats to the same value of the next image, for those who run image by image ({@link Program}); else 0
 */
record Place(int array, int offset, int step) {}
