package io.odradek.protocol.processor;

import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Writes the codecs of the messages that are declared with the annotations of {@code io.odradek.protocol.schema}. */
@SupportedAnnotationTypes({
    "io.odradek.protocol.schema.Request",
    "io.odradek.protocol.schema.Response",
    "io.odradek.protocol.schema.Message"
})
public final class MessageProcessor extends AbstractProcessor {
    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return false;
    }
}
