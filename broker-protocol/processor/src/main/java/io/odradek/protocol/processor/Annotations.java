package io.odradek.protocol.processor;

import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/** Reads the annotations of {@code io.odradek.protocol.schema} by name: the processor does not depend on them. */
final class Annotations {
    static final String SCHEMA_PACKAGE = "io.odradek.protocol.schema.";

    private Annotations() {}

    static AnnotationMirror find(Element element, String simpleName) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
            if (type.getQualifiedName().contentEquals(SCHEMA_PACKAGE + simpleName)) {
                return mirror;
            }
        }
        return null;
    }

    static boolean has(Element element, String simpleName) {
        return find(element, simpleName) != null;
    }

    /** {@return the member's value, null if neither given nor with a default} */
    static Object value(AnnotationMirror mirror, String member) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
                mirror.getElementValues().entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                return entry.getValue().getValue();
            }
        }
        for (Element enclosed : mirror.getAnnotationType().asElement().getEnclosedElements()) {
            if (enclosed instanceof ExecutableElement method
                    && method.getSimpleName().contentEquals(member)) {
                return method.getDefaultValue() == null
                        ? null
                        : method.getDefaultValue().getValue();
            }
        }
        return null;
    }

    /** {@return the range in a member of the element's annotation, or the fallback without the annotation} */
    static VersionRange versions(Element element, String annotation, String member, VersionRange fallback)
            throws DeclarationException {
        AnnotationMirror mirror = find(element, annotation);
        if (mirror == null) {
            return fallback;
        }
        try {
            return VersionRange.parse((String) value(mirror, member));
        } catch (IllegalArgumentException notVersions) {
            throw new DeclarationException(element, notVersions.getMessage());
        }
    }
}
