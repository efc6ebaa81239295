package io.odradek.core.metadata;

import java.util.Map;
import java.util.TreeMap;

/** Holds the newest metadata image; one loop publishes, anyone reads. */
public final class MetadataCache implements MetadataSource {
    private volatile MetadataImage image;

    /** Starts with an empty image. */
    public MetadataCache() {
        image = new MetadataImage(null, -1, new TreeMap<>(), new TreeMap<>(), Map.of());
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    /** Replaces the image. */
    public void publish(MetadataImage image) {
        this.image = image;
    }
}
