package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks for the transactional ids that a broker coordinates, filtered by state and producer (KIP-664), by how long their transaction
 * has been running (1+, KIP-994) and by a regular expression for the id (2+, KIP-1152).
 */
@Request(key = 66, versions = "0-2", flexible = "0+")
public record ListTransactionsRequest(
        List<String> stateFilters,
        List<Long> producerIdFilters,
        @Versions("1+") @Default("-1") long durationFilter,
        @Versions("2+") @Nullable @Default("null") String transactionalIdPattern)
        implements ApiRequest {}
