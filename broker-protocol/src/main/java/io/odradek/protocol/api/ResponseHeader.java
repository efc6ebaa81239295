package io.odradek.protocol.api;

import io.odradek.protocol.schema.Message;

/**
 * What stands before every response. Version 1 belongs to the flexible versions, except those of ApiVersions, whose header
 * is always version 0.
 *
 * @param correlationId that of the request
 */
@Message(versions = "0-1", flexible = "1+")
public record ResponseHeader(int correlationId) {}
