package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/** Sets quotas of users, client ids and addresses, and removes others (KIP-546, KIP-612). */
@Request(key = 49, versions = "0-1", flexible = "1+")
public record AlterClientQuotasRequest(List<EntryData> entries, boolean validateOnly) implements ApiRequest {
    /** What changes for one, and for whom. */
    public record EntryData(List<EntityData> entity, List<OpData> ops) {}

    /** A part of whom it is for; a name of null is the default. */
    public record EntityData(String entityType, @Nullable String entityName) {}

    /** A quota; where it is removed, nothing comes of the value. */
    public record OpData(String key, double value, boolean remove) {}
}
