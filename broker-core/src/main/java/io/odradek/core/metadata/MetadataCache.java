package io.odradek.core.metadata;

import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Holds the newest metadata image; one loop publishes, anyone reads. */
public final class MetadataCache implements MetadataSource {
    private volatile MetadataImage image;
    private volatile Consumer<List<TopicPartition>> deletionListener = nobody -> {};
    private volatile Runnable controllerListener;

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
        int before = this.image.controllerId();
        this.image = image;
        Runnable listener = controllerListener;
        if (listener != null && image.controllerId() != before) {
            listener.run();
        }
    }

    /** Says who is told, on the thread that publishes, when an image names another controller than the one before. */
    public void onController(Runnable listener) {
        controllerListener = listener;
    }

    /** Says who is told of deleted partitions, on the thread that brings the news; before the first are deleted. */
    public void onDeletion(Consumer<List<TopicPartition>> listener) {
        deletionListener = listener;
    }

    /** Tells that partitions are gone for good; an image without a topic alone does not say so. */
    public void deleted(List<TopicPartition> partitions) {
        deletionListener.accept(partitions);
    }
}
