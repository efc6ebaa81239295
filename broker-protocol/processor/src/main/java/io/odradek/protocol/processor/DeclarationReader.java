package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldDeclaration.Details;
import io.odradek.protocol.processor.MessageDeclaration.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;

/** Reads one message from its record, and checks what can be checked. */
final class DeclarationReader {
    private final ProcessingEnvironment environment;
    private final Kind kind;
    private final TypeElement message;
    private final String packageName;
    private final FieldTypes types;
    private final Map<TypeElement, StructDeclaration> structs = new LinkedHashMap<>();
    private final Set<TypeElement> open = new HashSet<>();
    private VersionRange versions;
    private VersionRange flexible;

    DeclarationReader(ProcessingEnvironment environment, Kind kind, TypeElement message) {
        this.environment = environment;
        this.kind = kind;
        this.message = message;
        this.packageName = environment
                .getElementUtils()
                .getPackageOf(message)
                .getQualifiedName()
                .toString();
        this.types = new FieldTypes(this::struct);
    }

    MessageDeclaration read() throws DeclarationException {
        if (message.getEnclosingElement().getKind() != ElementKind.PACKAGE) {
            throw new DeclarationException(message, "a message is a record of its own, not one inside another type");
        }
        String annotation = CodecNames.capitalized(kind.name().toLowerCase(Locale.ROOT));
        versions = Annotations.versions(message, annotation, "versions", VersionRange.NONE);
        if (versions.isEmpty() || versions.max() == VersionRange.OPEN) {
            throw new DeclarationException(message, "the versions of a message have a first and a last one");
        }
        flexible = Annotations.versions(message, annotation, "flexible", VersionRange.NONE)
                .intersect(versions);
        Object key =
                kind == Kind.MESSAGE ? (short) -1 : Annotations.value(Annotations.find(message, annotation), "key");
        ResponseTraits traits = kind == Kind.RESPONSE ? ResponseTraits.of(message, versions) : ResponseTraits.NONE;
        StructDeclaration root = struct(message, message);
        if (!traits.throttledAfter().isEmpty() && root.field(traits.throttledAfter()) == null) {
            throw new DeclarationException(message, "there is no component " + traits.throttledAfter());
        }
        return new MessageDeclaration(
                kind, packageName, (Short) key, versions, flexible, traits, new ArrayList<>(structs.values()));
    }

    private StructDeclaration struct(TypeElement type, Element usedBy) throws DeclarationException {
        if (type.getKind() != ElementKind.RECORD) {
            throw new DeclarationException(usedBy, type.getQualifiedName() + " is not a type that a message can hold");
        }
        if (open.contains(type)) {
            throw new DeclarationException(usedBy, type.getSimpleName() + " contains itself");
        }
        StructDeclaration known = structs.get(type);
        if (known != null) {
            return known;
        }
        StructDeclaration struct = new StructDeclaration(type.getSimpleName().toString(), javaName(type), flexible);
        for (StructDeclaration other : structs.values()) {
            if (other.simpleName().equals(struct.simpleName())) {
                throw new DeclarationException(type, "two records of a message have the name " + other.simpleName());
            }
        }
        structs.put(type, struct);
        open.add(type);
        for (RecordComponentElement component : type.getRecordComponents()) {
            struct.add(field(component));
        }
        open.remove(type);
        checkTags(type, struct);
        return struct;
    }

    private String javaName(TypeElement type) {
        String qualified = type.getQualifiedName().toString();
        String samePackage = environment
                .getElementUtils()
                .getPackageOf(type)
                .getQualifiedName()
                .toString();
        return samePackage.equals(packageName) ? qualified.substring(packageName.length() + 1) : qualified;
    }

    private FieldDeclaration field(RecordComponentElement component) throws DeclarationException {
        FieldType type = types.of(component);
        AnnotationMirror tag = Annotations.find(component, "Tagged");
        VersionRange tagged = within(component, "Tagged", "versions", VersionRange.NONE);
        VersionRange present = within(component, "Versions", "value", tag == null ? versions : tagged);
        if (present.isEmpty()) {
            throw new DeclarationException(component, "the field is in no version of its message");
        }
        checkTagged(component, type, present, tagged, tag != null);
        VersionRange nullable = Annotations.versions(component, "Nullable", "value", VersionRange.NONE);
        if (!nullable.isEmpty() && !type.isReference()) {
            throw new DeclarationException(component, "a " + type.javaType() + " cannot be null");
        }
        VersionRange compact = Annotations.versions(component, "Flexible", "value", flexible);
        int number = tag == null ? -1 : (Integer) Annotations.value(tag, "tag");
        return new FieldDeclaration(
                component.getSimpleName().toString(),
                type,
                present,
                nullable.intersect(versions),
                compact.intersect(versions),
                tagged,
                new Details(number, valueOf(component, type, "Default"), errorRole(component, type)));
    }

    private ErrorRole errorRole(Element component, FieldType type) throws DeclarationException {
        AnnotationMirror mirrors = Annotations.find(component, "Mirrors");
        String value = valueOf(component, type, Annotations.has(component, "OnError") ? "OnError" : "Default");
        if (mirrors == null) {
            return new ErrorRole(component, null, VersionRange.NONE, value);
        }
        List<String> paths = new ArrayList<>();
        for (Object path : (List<?>) Annotations.value(mirrors, "value")) {
            paths.add((String) ((AnnotationValue) path).getValue());
        }
        VersionRange common = Annotations.versions(component, "Mirrors", "versions", versions);
        return new ErrorRole(component, paths, common, value);
    }

    private VersionRange within(Element component, String annotation, String member, VersionRange fallback)
            throws DeclarationException {
        VersionRange declared = Annotations.versions(component, annotation, member, fallback);
        VersionRange common = declared.intersect(versions);
        if (declared.max() != VersionRange.OPEN && !versions.contains(declared)) {
            throw new DeclarationException(
                    component, "versions " + declared + " are not within those of the message, " + versions);
        }
        return common;
    }

    private void checkTagged(
            Element component, FieldType type, VersionRange present, VersionRange tagged, boolean hasTag)
            throws DeclarationException {
        if (!hasTag) {
            return;
        }
        if (tagged.isEmpty()) {
            throw new DeclarationException(component, "the field is tagged in no version of its message");
        }
        if (!flexible.contains(tagged)) {
            throw new DeclarationException(
                    component, "tagged in versions " + tagged + ", when only " + flexible + " are flexible");
        }
        if (!present.contains(tagged) || tagged.max() != present.max()) {
            throw new DeclarationException(
                    component, "tagged in versions " + tagged + ", which do not end those of the field, " + present);
        }
        if (type instanceof FieldType.Sized sized && sized.wireName().equals("Records")) {
            throw new DeclarationException(component, "records cannot stand in a tagged field");
        }
    }

    private static void checkTags(TypeElement type, StructDeclaration struct) throws DeclarationException {
        List<FieldDeclaration> tagged = struct.taggedFields();
        for (int i = 0; i < tagged.size(); i++) {
            if (tagged.get(i).tag() < 0) {
                throw new DeclarationException(component(type, tagged.get(i)), "a tag is not negative");
            }
            if (i > 0 && tagged.get(i).tag() == tagged.get(i - 1).tag()) {
                throw new DeclarationException(
                        component(type, tagged.get(i)),
                        "tag " + tagged.get(i).tag() + " is that of "
                                + tagged.get(i - 1).name() + " already");
            }
        }
    }

    private static Element component(TypeElement type, FieldDeclaration field) {
        for (RecordComponentElement component : type.getRecordComponents()) {
            if (component.getSimpleName().contentEquals(field.name())) {
                return component;
            }
        }
        return type;
    }

    private static String valueOf(Element component, FieldType type, String annotation) throws DeclarationException {
        AnnotationMirror mirror = Annotations.find(component, annotation);
        try {
            return Defaults.expression(type, mirror == null ? null : (String) Annotations.value(mirror, "value"));
        } catch (IllegalArgumentException notAValue) {
            throw new DeclarationException(component, "the default is wrong: " + notAValue.getMessage());
        }
    }
}
