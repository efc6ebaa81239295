package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;

/**
 * Adds the partition that a group's positions are kept in to a transaction (KIP-98).
 */
@Request(key = 25, versions = "0-4", flexible = "3+")
public record AddOffsetsToTxnRequest(String transactionalId, long producerId, short producerEpoch, String groupId)
        implements ApiRequest {}
