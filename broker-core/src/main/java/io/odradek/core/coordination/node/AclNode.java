package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /kafka-acl/TYPE/NAME} and {@code /kafka-acl-extended/prefixed/TYPE/NAME}, version 1 of its JSON: the access control
 * entries for some resources, in words that need not all be known. A node without data has none. The fields stand in the order
 * of Kafka's hash tables.
 *
 * @param acls the entries, in the order in which they were added as far as Kafka keeps it
 */
public record AclNode(List<Acl> acls) {
    private static final int VERSION = 1;

    /**
     * An entry.
     *
     * @param principal such as {@code User:alice}
     * @param permission such as {@code Allow}
     * @param operation such as {@code Read}
     * @param host an address or {@code *}
     */
    public record Acl(String principal, String permission, String operation, String host) {}

    /** {@return the node's data} */
    public byte[] encode() {
        List<JsonWriter> entries = new ArrayList<>(acls.size());
        for (Acl acl : acls) {
            entries.add(new JsonWriter()
                    .field("principal", acl.principal())
                    .field("permissionType", acl.permission())
                    .field("host", acl.host())
                    .field("operation", acl.operation()));
        }
        return new JsonWriter()
                .objects("acls", entries)
                .field("version", VERSION)
                .bytes();
    }

    /** {@return the node that was read} */
    public static AclNode decode(byte[] data) {
        if (data.length == 0) {
            return new AclNode(List.of());
        }
        JsonObject json = JsonReader.readObject(data);
        if (json.intAt("version") != VERSION) {
            throw new IllegalArgumentException("version " + json.intAt("version") + " is not known");
        }
        List<Acl> acls = new ArrayList<>();
        for (JsonObject acl : json.objectsAt("acls")) {
            acls.add(new Acl(
                    acl.stringAt("principal"),
                    acl.stringAt("permissionType"),
                    acl.stringAt("operation"),
                    acl.stringAt("host")));
        }
        return new AclNode(acls);
    }
}
