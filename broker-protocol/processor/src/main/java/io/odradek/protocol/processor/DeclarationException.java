package io.odradek.protocol.processor;

import javax.lang.model.element.Element;

/** A declaration that cannot be right; reported as a compile error at its element. */
final class DeclarationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Element element;

    DeclarationException(Element element, String message) {
        super(message);
        this.element = element;
    }

    Element element() {
        return element;
    }
}
