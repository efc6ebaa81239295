package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Structure;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in the request a component of its response is found.
 *
 * @param holder what it is found in
 * @param steps the components that lead there, each within an element of the one before; none for the holder itself
 * @param type what is found
 * @param versions the versions in which both have it
 */
record MirroredValue(Holder holder, List<FieldDeclaration> steps, FieldType type, VersionRange versions) {

    /**
     * The request, or the element of it that a record of the response mirrors.
     *
     * @param name the variable that holds it
     * @param versions the versions in which it is mirrored
     * @param around the element whose list it is in, null without one
     */
    record Holder(FieldType type, String name, VersionRange versions, Holder around) {}

    /** {@return the lists that the component mirrors, one for each of its paths} */
    static List<MirroredValue> lists(FieldDeclaration field, Holder holder) throws DeclarationException {
        List<MirroredValue> found = new ArrayList<>();
        for (String path : paths(field)) {
            MirroredValue list = follow(path, field, holder);
            if (list == null) {
                throw notThere(field, path);
            }
            found.add(list);
        }
        return found;
    }

    /** {@return the value that the component mirrors, of the holder or what is around it; null if no version has it} */
    static MirroredValue nearest(FieldDeclaration field, Holder holder) throws DeclarationException {
        if (field.error().mirrors().isEmpty() && !(holder.type() instanceof Structure)) {
            VersionRange common = commonVersions(field, holder);
            return common.isEmpty() ? null : new MirroredValue(holder, List.of(), holder.type(), common);
        }
        boolean isThere = false;
        for (Holder near = holder; near != null; near = near.around()) {
            for (String path : paths(field)) {
                MirroredValue value = follow(path, field, near);
                if (value != null && !value.versions().isEmpty()) {
                    return value;
                }
                isThere |= value != null;
            }
        }
        if (!isThere) {
            throw notThere(field, paths(field).get(0));
        }
        return null;
    }

    private static List<String> paths(FieldDeclaration field) {
        List<String> mirrors = field.error().mirrors();
        return mirrors.isEmpty() ? List.of(field.name()) : mirrors;
    }

    private static VersionRange commonVersions(FieldDeclaration field, Holder holder) {
        return holder.versions().intersect(field.error().versions()).intersect(field.present());
    }

    private static DeclarationException notThere(FieldDeclaration field, String path) {
        return new DeclarationException(field.error().declaredAt(), "the request has no \"" + path + "\" here");
    }

    private static MirroredValue follow(String path, FieldDeclaration field, Holder holder) {
        List<FieldDeclaration> steps = new ArrayList<>();
        FieldType inside = holder.type();
        FieldType type = holder.type();
        VersionRange common = commonVersions(field, holder);
        for (String name : path.split("\\.")) {
            FieldDeclaration step = inside instanceof Structure structure
                    ? structure.declaration().field(name)
                    : null;
            if (step == null) {
                return null;
            }
            steps.add(step);
            type = step.type();
            inside = type instanceof Array array ? array.element() : null;
            common = common.intersect(step.present());
        }
        return new MirroredValue(holder, steps, type, common);
    }

    /** {@return the Java expression of a value that is not in a list} */
    String expression(FieldDeclaration field) throws DeclarationException {
        if (steps.size() > 1 || !type.boxedType().equals(field.type().boxedType())) {
            throw new DeclarationException(
                    field.error().declaredAt(),
                    "what it mirrors is no " + field.type().javaType());
        }
        if (steps.isEmpty()) {
            return holder.name();
        }
        FieldDeclaration step = steps.get(0);
        String value = holder.name() + "." + step.name() + "()";
        boolean mayBeNull = !field.nullable().contains(step.nullable().intersect(versions));
        return mayBeNull ? value + " == null ? " + field.error().value() + " : " + value : value;
    }
}
