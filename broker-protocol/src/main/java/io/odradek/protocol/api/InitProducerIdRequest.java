package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Asks for a producer id, for an idempotent producer (no transactional id) or a transactional one.
 * Version 3 lets a producer ask for the next epoch of the id it has (KIP-360).
 */
@Request(key = 22, versions = "0-5", flexible = "2+")
public record InitProducerIdRequest(
        @Nullable String transactionalId,
        int transactionTimeoutMs,
        @Versions("3+") @Default("-1") long producerId,
        @Versions("3+") @Default("-1") short producerEpoch)
        implements ApiRequest {}
