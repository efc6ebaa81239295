package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.nio.ByteBuffer;

/** Has a token end after a time in milliseconds from now; at once, and for good, where that is negative (KIP-48). */
@Request(key = 40, versions = "0-2", flexible = "2+")
public record ExpireDelegationTokenRequest(ByteBuffer hmac, long expiryTimePeriodMs) implements ApiRequest {}
