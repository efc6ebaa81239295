package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.nio.ByteBuffer;

/** Lets a token live on, for a time in milliseconds from now; a negative one for the broker's setting (KIP-48). */
@Request(key = 39, versions = "0-2", flexible = "2+")
public record RenewDelegationTokenRequest(ByteBuffer hmac, long renewPeriodMs) implements ApiRequest {}
