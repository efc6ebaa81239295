package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Structure;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in the request a component of its response is found.
 *
 * @param steps the components that lead there, each within an element of the one before; none for the holder itself
 * @param type what is found
 * @param versions the versions in which both have it
 */
record MirroredValue(List<FieldDeclaration> steps, FieldType type, VersionRange versions) {

    /**
     * The request, or the element of it that a record of the response mirrors.
     *
     * @param name the variable that holds it
     * @param versions the versions in which it is mirrored
     */
    record Holder(FieldType type, String name, VersionRange versions) {}

    /** {@return what the component mirrors, one for each of its paths} */
    static List<MirroredValue> of(FieldDeclaration field, Holder holder) throws DeclarationException {
        ErrorRole role = field.error();
        VersionRange versions = holder.versions().intersect(role.versions()).intersect(field.present());
        if (role.mirrors().isEmpty() && !(holder.type() instanceof Structure)) {
            return List.of(new MirroredValue(List.of(), holder.type(), versions));
        }
        List<MirroredValue> found = new ArrayList<>();
        for (String path : role.mirrors().isEmpty() ? List.of(field.name()) : role.mirrors()) {
            found.add(follow(path, field, holder.type(), versions));
        }
        return found;
    }

    private static MirroredValue follow(String path, FieldDeclaration field, FieldType holder, VersionRange versions)
            throws DeclarationException {
        List<FieldDeclaration> steps = new ArrayList<>();
        FieldType inside = holder;
        FieldType type = holder;
        VersionRange common = versions;
        for (String name : path.split("\\.")) {
            FieldDeclaration step = inside instanceof Structure structure
                    ? structure.declaration().field(name)
                    : null;
            if (step == null) {
                throw new DeclarationException(field.error().declaredAt(), "the request has no \"" + path + "\" here");
            }
            steps.add(step);
            type = step.type();
            inside = type instanceof Array array ? array.element() : null;
            common = common.intersect(step.present());
        }
        return new MirroredValue(steps, type, common);
    }

    /** {@return the Java expression of a value that is not in a list} */
    String expression(FieldDeclaration field, Holder holder) throws DeclarationException {
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
