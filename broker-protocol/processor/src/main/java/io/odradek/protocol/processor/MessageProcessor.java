package io.odradek.protocol.processor;

import io.odradek.protocol.processor.MessageDeclaration.Kind;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/**
 * Writes the codecs of the messages that are declared with the annotations of {@code io.odradek.protocol.schema}: one class
 * per message, beside it, and the registry {@code io.odradek.protocol.api.ApiCodecs} of all requests and responses. A
 * declaration that cannot be right is a compile error at the record or the component.
 */
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

    private record Declared(MessageDeclaration message, TypeElement element) {}

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        List<Declared> declared = new ArrayList<>();
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                declare(annotation, (TypeElement) element, declared);
            }
        }
        declared.sort(Comparator.comparing(
                Declared::message,
                Comparator.comparingInt(MessageDeclaration::key).thenComparing(MessageDeclaration::qualifiedName)));
        List<MessageDeclaration> messages =
                declared.stream().map(Declared::message).toList();
        for (Declared one : declared) {
            writeCodec(one, messages);
        }
        if (messages.stream().anyMatch(message -> message.kind() != Kind.MESSAGE)) {
            writeSource(RegistrySource.QUALIFIED_NAME, new RegistrySource(messages).text());
        }
        return true;
    }

    private void declare(TypeElement annotation, TypeElement element, List<Declared> declared) {
        try {
            Kind kind = Kind.valueOf(annotation.getSimpleName().toString().toUpperCase(Locale.ROOT));
            MessageDeclaration message = new DeclarationReader(processingEnv, kind, element).read();
            MessageDeclaration other = MessageDeclaration.find(
                    declared.stream().map(Declared::message).toList(), kind, message.key());
            if (kind != Kind.MESSAGE && other != null) {
                throw new DeclarationException(
                        element, "key " + message.key() + " is that of " + other.qualifiedName() + " already");
            }
            declared.add(new Declared(message, element));
        } catch (DeclarationException bad) {
            report(bad);
        }
    }

    private void writeCodec(Declared declared, List<MessageDeclaration> messages) {
        MessageDeclaration message = declared.message();
        try {
            MessageDeclaration request = null;
            if (message.kind() == Kind.RESPONSE) {
                request = MessageDeclaration.find(messages, Kind.REQUEST, message.key());
                if (request == null) {
                    throw new DeclarationException(declared.element(), "no request has the key " + message.key());
                }
                ErrorPlaces.check(message, request, declared.element());
            }
            writeSource(message.qualifiedCodecName(), new CodecSource(message, request).text());
        } catch (DeclarationException bad) {
            report(bad);
        }
    }

    private void report(DeclarationException bad) {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, bad.getMessage(), bad.element());
    }

    private void writeSource(String qualifiedName, String text) {
        try (Writer writer =
                processingEnv.getFiler().createSourceFile(qualifiedName).openWriter()) {
            writer.write(text);
        } catch (IOException failed) {
            processingEnv
                    .getMessager()
                    .printMessage(Diagnostic.Kind.ERROR, "Cannot write " + qualifiedName + ": " + failed.getMessage());
        }
    }
}
