package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** Asks which resources have settings: in version 0 those of client metrics (KIP-714), later of any kind (KIP-1142). */
@Request(key = 74, versions = "0-1", flexible = "0+")
public record ListConfigResourcesRequest(@Versions("1+") List<Byte> resourceTypes) implements ApiRequest {}
