package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/** Asks which credentials of SCRAM users have: those that are named, or all for null or an empty list (KIP-554). */
@Request(key = 50, versions = "0", flexible = "0+")
public record DescribeUserScramCredentialsRequest(@Nullable List<UserName> users) implements ApiRequest {
    /** A user. */
    public record UserName(String name) {}
}
