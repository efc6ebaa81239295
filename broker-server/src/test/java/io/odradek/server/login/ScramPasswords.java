package io.odradek.server.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;

/** Gives users passwords for SCRAM over a listener that is open: old clients cannot. */
public final class ScramPasswords {
    private static final int ITERATIONS = 4096;

    private ScramPasswords() {}

    public static void set(String hostAndPort, String user, String password) throws IOException {
        byte[] salt = user.getBytes(UTF_8);
        List<ScramCredentialUpsertion> upsertions = new ArrayList<>();
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            byte[] salted = mechanism.salted(password.getBytes(UTF_8), salt, ITERATIONS);
            upsertions.add(new ScramCredentialUpsertion(
                    user, mechanism.type(), ITERATIONS, ByteBuffer.wrap(salt), ByteBuffer.wrap(salted)));
        }
        WireWriter out = WireWriter.heap(256);
        ApiKey api = ApiKey.ALTER_USER_SCRAM_CREDENTIALS;
        RequestHeaderCodec.write(
                out, new RequestHeader(api.key(), (short) 0, 1, "test"), ApiCodecs.requestHeaderVersion(api, (short)
                        0));
        ApiCodecs.writeRequest(new AlterUserScramCredentialsRequest(List.of(), upsertions), (short) 0, out);
        ByteBuffer frame = ((BytesPayload) out.finish().parts().get(0)).buffer();
        int colon = hostAndPort.lastIndexOf(':');
        try (Socket socket =
                new Socket(hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)))) {
            Channels.newChannel(socket.getOutputStream()).write(frame);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readNBytes(in.readInt());
        }
    }
}
