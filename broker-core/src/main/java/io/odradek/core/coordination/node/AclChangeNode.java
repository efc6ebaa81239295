package io.odradek.core.coordination.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /kafka-acl-changes/acl_changes_N} and {@code /kafka-acl-extended-changes/acl_changes_N}: says for which resources
 * entries have changed. The first is text, {@code TOPIC:name}; the other is JSON, and names the type of the pattern too.
 *
 * @param resourceType the kind of resource, such as {@code TRANSACTIONAL_ID}
 * @param name its name, or the beginning of it
 * @param patternType such as {@code PREFIXED}
 */
public record AclChangeNode(String resourceType, String name, String patternType) {
    /** What the text is about. */
    public static final String LITERAL = "LITERAL";

    private static final int VERSION = 1;

    /** {@return the node's data} */
    public byte[] encode() {
        return patternType.equals(LITERAL)
                ? (resourceType + ":" + name).getBytes(UTF_8)
                : new JsonWriter()
                        .field("version", VERSION)
                        .field("resourceType", resourceType)
                        .field("name", name)
                        .field("patternType", patternType)
                        .bytes();
    }

    /** {@return the node that was read among those for literal names} */
    public static AclChangeNode decodeLiteral(byte[] data) {
        String text = new String(data, UTF_8);
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("there is no colon in it");
        }
        return new AclChangeNode(text.substring(0, colon), text.substring(colon + 1), LITERAL);
    }

    /** {@return the node that was read among the others} */
    public static AclChangeNode decodeExtended(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        if (json.intAt("version") > VERSION) {
            throw new IllegalArgumentException("version " + json.intAt("version") + " is not known");
        }
        return new AclChangeNode(json.stringAt("resourceType"), json.stringAt("name"), json.stringAt("patternType"));
    }
}
