package io.odradek.server.tools.storage;

import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.server.tools.UsageException;
import io.odradek.storage.env.Randoms;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A user of SCRAM as {@code --add-scram} has it: {@code SCRAM-SHA-256=[name=alice,password=secret]}, with {@code iterations} and
 * {@code salt} where they are to be others, or {@code saltedpassword} in place of the password. Salts and salted passwords are in
 * Base64. Passwords with commas are in quotation marks.
 *
 * @param name the user's
 * @param fields what is said of its password, by name
 */
record FirstUser(ScramMechanism mechanism, String name, Map<String, String> fields) {
    private static final int MOST_ITERATIONS = 16_384;
    private static final List<String> KNOWN = List.of("iterations", "name", "password", "salt", "saltedpassword");
    private static final String FORM = "SCRAM-SHA-256=[name=alice,password=secret]";

    /**
     * {@return the user that an argument is about}
     *
     * @throws UsageException if it is about none; its message has nothing of a password
     */
    static FirstUser read(String argument) {
        int equals = argument.indexOf('=');
        ScramMechanism mechanism = equals < 0 ? null : ScramMechanism.of(argument.substring(0, equals));
        if (mechanism == null) {
            throw wrong("it begins with SCRAM-SHA-256= or SCRAM-SHA-512=");
        }
        String rest = argument.substring(equals + 1).trim();
        if (!rest.startsWith("[") || !rest.endsWith("]") || rest.length() < 2) {
            throw wrong("what it says of " + mechanism.mechanismName() + " is in brackets");
        }
        Map<String, String> fields = fields(rest.substring(1, rest.length() - 1));
        String name = fields.remove("name");
        if (name == null || name.isEmpty()) {
            throw wrong("it has a name");
        }
        FirstUser user = new FirstUser(mechanism, name, fields);
        user.check();
        return user;
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : text.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? "" : field.substring(0, equals).trim();
            if (!KNOWN.contains(name)) {
                throw wrong("its fields are some of " + String.join(", ", KNOWN));
            }
            String value = field.substring(equals + 1).trim();
            boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
            if (fields.put(name, quoted ? value.substring(1, value.length() - 1) : value) != null) {
                throw wrong("it has " + name + " once");
            }
        }
        return fields;
    }

    private void check() {
        boolean password = fields.containsKey("password");
        if (password == fields.containsKey("saltedpassword")) {
            throw wrong("it has either password or saltedpassword");
        }
        if (!password && !fields.containsKey("salt")) {
            throw wrong("with saltedpassword it has salt");
        }
        if (fields.getOrDefault("password", "x").isEmpty()) {
            throw wrong("its password is not empty");
        }
        bytes("salt");
        bytes("saltedpassword");
        iterations();
    }

    private int iterations() {
        try {
            int iterations = Integer.parseInt(
                    fields.getOrDefault("iterations", Integer.toString(ScramMechanism.LEAST_ITERATIONS)));
            if (iterations >= ScramMechanism.LEAST_ITERATIONS && iterations <= MOST_ITERATIONS) {
                return iterations;
            }
        } catch (NumberFormatException none) {
            // The line below says what is wanted.
        }
        throw wrong("iterations is from " + ScramMechanism.LEAST_ITERATIONS + " to " + MOST_ITERATIONS);
    }

    private byte[] bytes(String field) {
        String text = fields.get(field);
        if (text == null) {
            return null;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            if (decoded.length > 0) {
                return decoded;
            }
        } catch (IllegalArgumentException notBase64) {
            // The line below says what is wanted.
        }
        throw wrong(field + " is in Base64, and not empty");
    }

    /** {@return what is stored of it} */
    ScramCredential credential(Randoms randoms) {
        byte[] salt = bytes("salt");
        if (fields.containsKey("saltedpassword")) {
            return ScramCredential.ofSalted(mechanism, bytes("saltedpassword"), salt, iterations());
        }
        String password = fields.get("password");
        return salt == null
                ? ScramCredential.ofPassword(mechanism, password, iterations(), randoms)
                : ScramCredential.ofPassword(mechanism, password, salt, iterations());
    }

    private static UsageException wrong(String wanted) {
        return new UsageException("--add-scram is of the form " + FORM + ": " + wanted);
    }

    /** Not the password. */
    @Override
    public String toString() {
        return mechanism.mechanismName() + " of user " + name;
    }
}
