package io.odradek.protocol.processor;

import javax.lang.model.element.Element;

/**
 * What is declared of a response as a whole.
 *
 * @param errorless the versions that have no place for an error
 * @param throttled the versions that have a throttle time besides its components
 * @param throttledAfter the component that it follows, empty if it comes first
 */
record ResponseTraits(VersionRange errorless, VersionRange throttled, String throttledAfter) {
    static final ResponseTraits NONE = new ResponseTraits(VersionRange.NONE, VersionRange.NONE, "");

    static ResponseTraits of(Element response, VersionRange versions) throws DeclarationException {
        VersionRange errorless = Annotations.versions(response, "Response", "errorless", VersionRange.NONE);
        VersionRange throttled = Annotations.versions(response, "ThrottleTime", "value", VersionRange.NONE)
                .intersect(versions);
        String after = throttled.isEmpty()
                ? ""
                : (String) Annotations.value(Annotations.find(response, "ThrottleTime"), "after");
        return new ResponseTraits(errorless, throttled, after);
    }

    /** {@return whether the throttle time follows this component, or comes before all if it is empty} */
    boolean isThrottledAfter(String component) {
        return !throttled.isEmpty() && throttledAfter.equals(component);
    }
}
