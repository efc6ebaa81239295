package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks which broker coordinates a group (key type 0) or a transactional id (1); from version 4 on several at once (KIP-699).
 */
@Request(key = 10, versions = "0-6", flexible = "3+")
public record FindCoordinatorRequest(
        @Versions("0-3") String key,
        @Versions("1+") byte keyType,
        @Versions("4+") List<String> coordinatorKeys) implements ApiRequest {}
