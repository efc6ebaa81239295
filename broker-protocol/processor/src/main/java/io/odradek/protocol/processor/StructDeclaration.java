package io.odradek.protocol.processor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A declared record: the message itself or a part of it. */
final class StructDeclaration {
    private final String simpleName;
    private final String javaName;
    private final VersionRange flexible;
    private final List<FieldDeclaration> fields = new ArrayList<>();

    /**
     * @param simpleName the record's own name, by which its methods are called
     * @param javaName its name in the codec's source
     * @param flexible the versions in which it ends with tagged fields
     */
    StructDeclaration(String simpleName, String javaName, VersionRange flexible) {
        this.simpleName = simpleName;
        this.javaName = javaName;
        this.flexible = flexible;
    }

    void add(FieldDeclaration field) {
        fields.add(field);
    }

    String simpleName() {
        return simpleName;
    }

    String javaName() {
        return javaName;
    }

    VersionRange flexible() {
        return flexible;
    }

    List<FieldDeclaration> fields() {
        return fields;
    }

    /** {@return the field of this name, null without one} */
    FieldDeclaration field(String name) {
        for (FieldDeclaration field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** {@return the fields that are tagged in some version, by tag} */
    List<FieldDeclaration> taggedFields() {
        List<FieldDeclaration> tagged = new ArrayList<>();
        for (FieldDeclaration field : fields) {
            if (field.isTagged()) {
                tagged.add(field);
            }
        }
        tagged.sort(Comparator.comparingInt(FieldDeclaration::tag));
        return tagged;
    }

    /** {@return the size of the record as an object, without what it refers to} */
    int heapBytes() {
        int sum = 0;
        for (FieldDeclaration field : fields) {
            sum += field.type().fieldHeapBytes();
        }
        return FieldType.objectHeapBytes(sum);
    }

    int minBytes(int version) {
        int sum = flexible.contains(version) ? 1 : 0;
        for (FieldDeclaration field : fields) {
            sum += field.minBytes(version);
        }
        return sum;
    }
}
