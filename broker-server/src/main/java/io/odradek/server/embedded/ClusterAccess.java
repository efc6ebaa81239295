package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.inspect.BrokerAccess;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** The brokers of a cluster that are up and not cut off; what the controller knows goes before what others do. */
final class ClusterAccess implements BrokerAccess {
    private final SortedMap<Integer, ClusterSlot> slots;

    /** @param slots do not change any more */
    ClusterAccess(SortedMap<Integer, ClusterSlot> slots) {
        this.slots = slots;
    }

    @Override
    public MetadataImage image() {
        MetadataImage any = null;
        for (ClusterSlot slot : slots.values()) {
            MetadataImage image = slot.isReachable() ? slot.imageIfUp() : null;
            if (image != null && image.controllerId() == slot.id()) {
                return image;
            }
            any = any == null ? image : any;
        }
        if (any == null) {
            throw new IllegalStateException("No broker of the cluster is up");
        }
        return any;
    }

    @Override
    public SortedSet<Integer> ids() {
        SortedSet<Integer> ids = new TreeSet<>();
        slots.forEach((id, slot) -> {
            if (slot.isReachable()) {
                ids.add(id);
            }
        });
        return ids;
    }

    @Override
    public CompletionStage<ApiResponse> ask(int brokerId, ApiKey api, int version, ApiRequest request) {
        return slots.get(brokerId).ask(api, version, request);
    }
}
