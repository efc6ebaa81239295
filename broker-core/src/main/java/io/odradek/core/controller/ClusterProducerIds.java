package io.odradek.core.controller;

import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Has blocks of producer ids given by whichever broker of a cluster is controller (KIP-730). */
public final class ClusterProducerIds implements ProducerIds.Blocks {
    private static final int VERSION = 0;

    private final ControllerClient controller;
    private final int brokerId;
    private final LongSupplier brokerEpoch;
    private final int timeoutMs;

    /**
     * @param controller the way to the controller
     * @param brokerId this broker's id
     * @param brokerEpoch which of its lives it is in
     * @param timeoutMs how long the controller is looked for
     */
    public ClusterProducerIds(ControllerClient controller, int brokerId, LongSupplier brokerEpoch, int timeoutMs) {
        this.controller = controller;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public CompletionStage<ProducerIdBlockNode> claim() {
        AllocateProducerIdsRequest request = new AllocateProducerIdsRequest(brokerId, brokerEpoch.getAsLong());
        return controller
                .send(ApiKey.ALLOCATE_PRODUCER_IDS, VERSION, request, timeoutMs)
                .thenApply(this::block);
    }

    private ProducerIdBlockNode block(ApiResponse response) {
        AllocateProducerIdsResponse answer = (AllocateProducerIdsResponse) response;
        if (answer.errorCode() != ErrorCode.NONE) {
            throw new ApiException(answer.errorCode(), "The controller gives this broker no producer ids");
        }
        long first = answer.producerIdStart();
        return new ProducerIdBlockNode(brokerId, first, first + answer.producerIdLen() - 1);
    }
}
