/**
 * Well-known networks as readable definitions: to train, to take as a start, to copy and change.
 *
 * <pre>
 *                 input   parameters  multiply-adds  source
 * LeNet         28x28x1       61,706        416,520  LeCun et al., "Gradient-Based Learning Applied to Document Recognition"
 * Vgg16       224x224x3  138,357,544        15.47e9  Simonyan and Zisserman, arXiv 1409.1556
 * ResNet18    224x224x3   11,689,512         1.81e9  He et al., arXiv 1512.03385
 * ResNet50    224x224x3   25,557,032         4.09e9  He et al., arXiv 1512.03385
 * MobileNetV2 224x224x3    3,504,872         0.30e9  Sandler et al., arXiv 1801.04381
 * SqueezeNet  224x224x3    1,235,496         0.35e9  Iandola et al., arXiv 1602.07360, in its version 1.1
 * Vgg8          32x32x3    2,196,810         0.15e9  after VGG, for small pictures
 * ResNet20      32x32x3      272,474         0.04e9  He et al., arXiv 1512.03385, section 4.2
 * </pre>
 *
 * <p>Each has the same five members: {@code INPUT} and {@code network(seed)} as published, {@code network(input, classes, seed)} for
 * pictures of another size and another number of classes, and for a graph of one's own {@code scores(x, classes)}, all of its layers
 * after a node, and {@code features(x)}, those up to the last feature maps. Scores are not yet probabilities: the loss for training
 * has the softmax built in. Weights are drawn, none come with the library; before a ReLU as He et al. do, arXiv 1502.01852.
 *
 * <p>Nodes are called by stage, so that a prefix names a part of the network:
 *
 * <pre>
 * Network network = ResNet18.network(Shape.of(64, 64, 3), 10, seed);
 * network.parameters().freeze("stage1/");                             // stage1/block1/conv1.weight and so on
 * network.parameters().get("stage2/block1/shortcut/conv.weight");
 * </pre>
 *
 * <p>Names are taken once in a graph, so a graph holds one of these networks. A picture that is too small for the strides and windows
 * is refused in an {@link java.lang.IllegalArgumentException} that names the layer. All methods are static and may be called by any
 * number of threads, each with its own graph.
 */
package lanewise.model;
