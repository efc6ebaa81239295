package io.odradek.protocol.processor;

import java.util.List;
import javax.lang.model.element.Element;

/**
 * What a component of a response is in an error answer.
 *
 * @param declaredAt the component, to point at
 * @param mirrors the paths in the request from which it is taken, an empty list for its own name, null if it is not mirrored
 * @param versions the versions in which it is taken from there
 * @param value the Java expression of its value otherwise
 */
record ErrorRole(Element declaredAt, List<String> mirrors, VersionRange versions, String value) {
    boolean isMirrored() {
        return mirrors != null;
    }
}
