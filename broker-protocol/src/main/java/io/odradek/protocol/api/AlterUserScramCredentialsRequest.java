package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.nio.ByteBuffer;
import java.util.List;

/** Deletes credentials of SCRAM, and puts others in the place of what there is (KIP-554). Passwords come salted. */
@Request(key = 51, versions = "0", flexible = "0+")
public record AlterUserScramCredentialsRequest(
        List<ScramCredentialDeletion> deletions, List<ScramCredentialUpsertion> upsertions) implements ApiRequest {
    /** One that goes. */
    public record ScramCredentialDeletion(String name, byte mechanism) {}

    /** One that comes, or takes the place of another. */
    public record ScramCredentialUpsertion(
            String name, byte mechanism, int iterations, ByteBuffer salt, ByteBuffer saltedPassword) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "ScramCredentialUpsertion of " + name;
        }
    }
}
