package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Gives brokers blocks of producer ids, no id twice; belongs to the controller's loop. */
record ProducerIdBlocks(Office office) {
    /** {@return a block for a broker; fails with BROKER_ID_NOT_REGISTERED, STALE_BROKER_EPOCH} */
    CompletionStage<ProducerIdBlockNode> claim(int brokerId, long brokerEpoch) {
        return office.request(answer -> {
            Brokers brokers = office.state().brokers();
            if (!brokers.live().containsKey(brokerId)) {
                throw new ApiException(ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker " + brokerId + " is not alive");
            }
            brokers.requireCurrent(brokerId, brokerEpoch);
            String path = ClusterPaths.PRODUCER_ID_BLOCK;
            return FencedStore.optional(office.store().reads().get(path)).thenCompose(node -> {
                ProducerIdBlockNode block = next(node, brokerId);
                Operation write = node == null
                        ? FencedStore.creation(path, block.encode())
                        : new Operation.Set(path, block.encode(), node.version());
                return office.store().multi(List.of(write)).thenAccept(done -> answer.complete(block));
            });
        });
    }

    private static ProducerIdBlockNode next(Node newest, int brokerId) {
        try {
            return ProducerIdBlockNode.next(newest == null ? new byte[0] : newest.data(), brokerId);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ApiException(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    ClusterPaths.PRODUCER_ID_BLOCK + " has no block to go on from: " + e.getMessage());
        }
    }
}
