package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;

/**
 * Ends a transaction: commits or aborts it (KIP-98). From version 5 on the producer takes its next epoch from the answer
 * (KIP-890).
 */
@Request(key = 26, versions = "0-5", flexible = "3+")
public record EndTxnRequest(String transactionalId, long producerId, short producerEpoch, boolean committed)
        implements ApiRequest {}
