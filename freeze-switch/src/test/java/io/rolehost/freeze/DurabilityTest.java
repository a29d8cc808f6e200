package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DurabilityTest {

  private static final Path STATE = Path.of("/state");
  private static final String DISK = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n";
  private static final String LAYERS = "500 400 0:50 / / rw - overlay overlay rw,lowerdir=/l\n";
  private static final String VOLUME = "510 500 8:1 /vol/a /state rw - ext4 /dev/sda1 rw\n";
  private static final String MEMORY = "511 500 0:60 / /state rw - tmpfs tmpfs rw\n";
  private static final String FOLDER =
      "500 400 8:1 /var/lib/docker/vfs/dir/7f / rw - ext4 /dev/sda1 rw\n";
  private static final String END =
      "): the next one will not see the freeze. Mount a volume there, or freeze by configuration";

  @Test
  void notice_onAMachine_saysNothing() {
    assertEquals(Optional.empty(), notice(DISK, false, false));
    assertEquals(Optional.empty(), notice(DISK + MEMORY, false, false));
  }

  @Test
  void notice_onAMachineMadeFromAnImage_saysNothing() {
    assertEquals(Optional.empty(), notice(DISK, false, true));
  }

  @Test
  void notice_onTheLayersOfAContainer_warns() {
    Optional<String> warning =
        Optional.of(
            "/state does not outlive this container (it is part of the container itself, on its"
                + " overlay"
                + END);
    assertEquals(warning, notice(LAYERS, false, true));
    assertEquals(warning, notice(LAYERS, false, false));
  }

  @Test
  void notice_onAFolderThatIsTheRootOfAContainer_warns() {
    Optional<String> warning =
        Optional.of(
            "/state does not outlive this container (it is part of the container itself, on its"
                + " ext4"
                + END);
    assertEquals(warning, notice(FOLDER, false, true));
    assertEquals(warning, notice(DISK, true, false));
  }

  @Test
  void notice_inTheMemoryOfAContainer_warns() {
    assertEquals(
        Optional.of(
            "/state does not outlive this container (it is kept in memory, on a tmpfs" + END),
        notice(LAYERS + MEMORY, true, false));
  }

  @Test
  void notice_onAVolume_saysNothing() {
    assertEquals(Optional.empty(), notice(LAYERS + VOLUME, true, true));
  }

  private static Optional<String> notice(String mounts, boolean kubernetes, boolean markerFile) {
    return Durability.notice(STATE, mounts, new Durability.Marks(kubernetes, markerFile));
  }
}
