package io.odradek.core.metadata;

/** The current metadata image. */
public interface MetadataSource {
    /** {@return the newest image; never null once the broker serves} */
    MetadataImage image();
}
