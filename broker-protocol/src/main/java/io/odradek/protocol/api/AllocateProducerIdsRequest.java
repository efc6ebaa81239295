package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;

/**
 * A broker asks the controller for a block of producer ids, to hand out to its clients (KIP-730).
 */
@Request(key = 67, versions = "0", flexible = "0+")
public record AllocateProducerIdsRequest(
        int brokerId, @Default("-1") long brokerEpoch) implements ApiRequest {}
