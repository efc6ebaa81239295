package io.odradek.protocol.processor;

import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;

/** A declaration that cannot be right; reported as a compile error at its element. */
final class DeclarationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Element element;

    DeclarationException(Element element, String message) {
        super(message);
        this.element = element;
    }

    /** {@return the element to point at; the compiler knows the place of a component only by its field} */
    Element element() {
        if (element.getKind() == ElementKind.RECORD_COMPONENT) {
            for (Element member : element.getEnclosingElement().getEnclosedElements()) {
                if (member.getKind() == ElementKind.FIELD
                        && member.getSimpleName().equals(element.getSimpleName())) {
                    return member;
                }
            }
        }
        return element;
    }
}
