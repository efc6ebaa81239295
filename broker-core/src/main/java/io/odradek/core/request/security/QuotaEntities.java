package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.List;
import java.util.regex.Pattern;

/** Reads whom a quota is to be for. */
final class QuotaEntities {
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9]+(\\.[0-9]+){0,3}");

    private QuotaEntities() {}

    /**
     * {@return whom the parts mean; of several of one type the last one, as with Kafka}
     *
     * @throws ApiException INVALID_REQUEST if they mean nobody
     */
    static ClientEntity of(List<AlterClientQuotasRequest.EntityData> parts) {
        if (parts.isEmpty()) {
            throw refusal("Invalid empty client quota entity");
        }
        String user = null;
        String clientId = null;
        String ip = null;
        for (EntityData part : parts) {
            String name = name(part);
            switch (part.entityType()) {
                case QuotaFilter.USER -> user = name;
                case QuotaFilter.CLIENT_ID -> clientId = name;
                case QuotaFilter.IP -> ip = name;
                default -> throw refusal("Unhandled client quota entity type: " + Quoted.text(part.entityType()));
            }
        }
        if (ip != null && (user != null || clientId != null)) {
            throw refusal("Invalid quota entity combination, IP entity should not be used with user/client ID entity.");
        }
        return new ClientEntity(user, clientId, ip);
    }

    private static String name(EntityData part) {
        String name = part.entityName();
        if (name == null) {
            return ClientEntity.DEFAULT;
        }
        if (name.isEmpty()) {
            throw refusal("Empty " + part.entityType() + " not supported");
        }
        if (name.equals(".") || name.equals("..")) {
            // No node can have such a name.
            throw refusal("Invalid " + part.entityType() + " " + name);
        }
        return name;
    }

    /** {@return whether an address is a name that has to be looked up} */
    static boolean isHostName(String ip) {
        return !ip.equals(ClientEntity.DEFAULT) && !DIGITS_AND_DOTS.matcher(ip).matches();
    }

    /**
     * Refuses what looks like an address and is none.
     *
     * @throws ApiException INVALID_REQUEST
     */
    static void checkAddress(String ip) {
        if (ip.equals(ClientEntity.DEFAULT)) {
            return;
        }
        String[] numbers = ip.split("\\.");
        long mostOfLast = (1L << 8 * (5 - numbers.length)) - 1;
        for (int i = 0; i < numbers.length; i++) {
            long most = i == numbers.length - 1 ? mostOfLast : 255;
            if (numbers[i].length() > 10 || Long.parseLong(numbers[i]) > most) {
                throw noAddress(ip);
            }
        }
    }

    static ApiException noAddress(String ip) {
        return refusal(Quoted.text(ip) + " is not a valid IP or resolvable host.");
    }

    private static ApiException refusal(String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message);
    }
}
