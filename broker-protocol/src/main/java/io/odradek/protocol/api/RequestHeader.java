package io.odradek.protocol.api;

import io.odradek.protocol.schema.Flexible;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Versions;

/**
 * What stands before every request. Version 2 belongs to the flexible versions of a request, version 1 to the others;
 * version 0 only to ControlledShutdown 0.
 *
 * @param apiKey the API
 * @param apiVersion the version of the request that follows
 * @param correlationId comes back in the response
 * @param clientId the client's name for itself, or null; empty in version 0
 */
@Message(versions = "0-2", flexible = "2+")
public record RequestHeader(
        short apiKey,
        short apiVersion,
        int correlationId,

        @Versions("1+") @Nullable @Flexible("none") String clientId) {}
