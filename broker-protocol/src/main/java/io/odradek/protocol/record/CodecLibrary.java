package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/**
 * The libraries of the codecs that the JDK does not have. Who embeds a broker has them from kafka-clients, in whatever version
 * that brings, as a module or not, or has left one out: then its records are refused, with the name of the jar, and nothing
 * else is touched. Each is looked for when its first batch comes.
 */
final class CodecLibrary {
    private CodecLibrary() {}

    /**
     * Returns if a codec can be used.
     *
     * @throws ApiException UNSUPPORTED_COMPRESSION_TYPE, with what is missing
     */
    static void require(CompressionCodec codec) {
        String problem = switch (codec) {
            case NONE, GZIP -> null;
            case SNAPPY -> Snappy.PROBLEM;
            case LZ4 -> Lz4.PROBLEM;
            case ZSTD -> Zstd.PROBLEM;
        };
        if (problem != null) {
            throw new ApiException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, problem);
        }
    }

    /** {@return whether the zstd library is of before 1.4.5} */
    static boolean zstdIsOld() {
        return Zstd.OLD;
    }

    private static String problem(String codec, String className, String artifact) {
        readModuleOf(className);
        try {
            // Initialized, so that a native library that this platform cannot load is found here and not half-way.
            Class.forName(className, true, CodecLibrary.class.getClassLoader());
            return null;
        } catch (ClassNotFoundException missing) {
            return "The broker can neither read nor write records compressed with " + codec + ": " + artifact
                    + " is not on its class path";
        } catch (LinkageError broken) {
            return "The broker can neither read nor write records compressed with " + codec + ": " + artifact
                    + " cannot be used here: " + (broken.getCause() == null ? broken : broken.getCause());
        }
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, CodecLibrary.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    /**
     * As a module, we cannot say in advance what we read: the libraries are modules in some versions, automatic ones with
     * different names in others, and where a build tool has put them on the class path, none at all.
     */
    private static void readModuleOf(String className) {
        Module own = CodecLibrary.class.getModule();
        if (!own.isNamed()) {
            return;
        }
        String packageName = className.substring(0, className.lastIndexOf('.'));
        own.addReads(CodecLibrary.class.getClassLoader().getUnnamedModule());
        for (Module module : own.getLayer().modules()) {
            if (module.getPackages().contains(packageName)) {
                own.addReads(module);
            }
        }
    }

    private static final class Snappy {
        static final String PROBLEM = problem("snappy", "org.xerial.snappy.Snappy", "org.xerial.snappy:snappy-java");
    }

    private static final class Lz4 {
        static final String PROBLEM = problem("lz4", "net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java");
    }

    private static final class Zstd {
        static final String PROBLEM = problem("zstd", "com.github.luben.zstd.Zstd", "com.github.luben:zstd-jni");
        static final boolean OLD = PROBLEM == null && !isPresent("com.github.luben.zstd.ZstdInputStreamNoFinalizer");
    }
}
