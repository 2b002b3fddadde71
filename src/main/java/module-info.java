/** Convolution kernels in pure Java on the JDK's Vector API; every algorithm runs along channels, with channels last. */
module lanewise {
    requires jdk.incubator.vector;
    requires com.google.gson;
    requires static transitive java.desktop;

    exports lanewise.infer;
    exports lanewise.io;
    exports lanewise.kernel;
    exports lanewise.layer;
    exports lanewise.model;
    exports lanewise.onnx;
    exports lanewise.signal;
    exports lanewise.train;
}
