package io.odradek.core.security.token;

import io.odradek.core.coordination.EncodedName;
import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /delegation_token/tokens/ID}, version 3 of its JSON: all of a token but its secret. The fields stand in the order of
 * Kafka's hash table. Before version 3 it was the owner who had asked for a token (KIP-373).
 */
final class StoredToken {
    private static final int VERSION = 3;

    private StoredToken() {}

    /** {@return the node's data} */
    static byte[] encode(DelegationToken token) {
        List<String> renewers = new ArrayList<>(token.renewers().size());
        token.renewers().forEach(renewer -> renewers.add(EncodedName.of(renewer)));
        return new JsonWriter()
                .field("issueTimestamp", token.issuedMs())
                .strings("renewers", renewers)
                .field("tokenRequester", EncodedName.of(token.requester()))
                .field("tokenId", token.id())
                .field("owner", EncodedName.of(token.owner()))
                .field("expiryTimestamp", token.expiresMs())
                .field("maxTimestamp", token.maxMs())
                .field("version", VERSION)
                .bytes();
    }

    /**
     * {@return the token that was read}
     *
     * @param id the node's name
     * @throws IllegalArgumentException if it is none, or none that could let in whom it says
     */
    static DelegationToken decode(String id, byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        if (json.intAt("version") < 1 || json.intAt("version") > VERSION) {
            throw new IllegalArgumentException("version " + json.intAt("version") + " is not known");
        }
        if (!json.stringAt("tokenId").equals(id)) {
            throw new IllegalArgumentException("it is about another token");
        }
        String owner = json.stringAt("owner");
        List<String> renewers = new ArrayList<>();
        json.stringsAt("renewers").forEach(renewer -> renewers.add(EncodedName.decode(renewer)));
        DelegationToken token = new DelegationToken(
                id,
                EncodedName.decode(owner),
                EncodedName.decode(json.stringAt("tokenRequester", owner)),
                List.copyOf(renewers),
                json.longAt("issueTimestamp"),
                json.longAt("maxTimestamp"),
                json.longAt("expiryTimestamp"));
        if (!DelegationToken.isUser(token.owner())) {
            throw new IllegalArgumentException("its owner is no user");
        }
        return token;
    }
}
