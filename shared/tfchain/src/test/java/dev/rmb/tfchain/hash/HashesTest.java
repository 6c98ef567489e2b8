package dev.rmb.tfchain.hash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class HashesTest {
    @Test
    void twoxNamesPalletsAndTheirItems() {
        assertThat(hex(Hashes.twox128("System".getBytes(US_ASCII))))
                .isEqualTo("26aa394eea5630e07c48ae0c9558cef7");
        assertThat(hex(Hashes.twox128("Events".getBytes(US_ASCII))))
                .isEqualTo("80d41e5e16056765bc8461851072c9d7");
        assertThat(hex(Hashes.twox64(new byte[0]))).isEqualTo("99e9d85137db46ef");
        assertThat(hex(Hashes.twox256("System".getBytes(US_ASCII))))
                .startsWith("26aa394eea5630e07c48ae0c9558cef7")
                .hasSize(64);
    }

    @Test
    void blake2bHasTheAskedForLength() {
        assertThat(hex(Hashes.blake2b256(new byte[0])))
                .isEqualTo("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
        assertThat(Hashes.blake2b128(new byte[0])).hasSize(16);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
