package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Structure;
import io.odradek.protocol.processor.MirroredValue.Holder;
import javax.lang.model.element.Element;

/** Checks that a response can say an error in each of its versions, but for those that are declared without one. */
final class ErrorPlaces {
    private ErrorPlaces() {}

    static void check(MessageDeclaration response, MessageDeclaration request, Element declaredAt)
            throws DeclarationException {
        Holder holder = new Holder(new Structure(request.root()), "request", response.versions(), null);
        for (int version = response.versions().min();
                version <= response.versions().max();
                version++) {
            boolean errorless = response.traits().errorless().contains(version);
            if (saysError(response.root(), holder, version) == errorless) {
                throw new DeclarationException(
                        declaredAt,
                        errorless
                                ? "version " + version + " is declared errorless, but has a place for an error"
                                : "version " + version + " has no place for an error");
            }
        }
    }

    private static boolean saysError(StructDeclaration struct, Holder holder, int version) throws DeclarationException {
        for (FieldDeclaration field : struct.fields()) {
            if (field.isErrorCode() && field.present().contains(version)) {
                return true;
            }
        }
        for (FieldDeclaration field : struct.fields()) {
            if (field.error().isMirrored() && field.isListOfRecords()) {
                for (MirroredValue source : MirroredValue.lists(field, holder)) {
                    if (source.versions().contains(version)
                            && source.type() instanceof Array array
                            && saysError(
                                    field.elementRecord(),
                                    new Holder(array.element(), "element", source.versions(), null),
                                    version)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
