package io.rolehost.freeze;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The freeze file keeps the contract. */
final class FileSourceContractTest extends FreezeStoreContract {

  @TempDir private Path folder;

  @Override
  protected FreezeStore open() {
    return new FileSource(file());
  }

  @Override
  protected void breakPlace() throws IOException {
    Files.move(file(), folder.resolve("kept"));
    Files.writeString(file(), "freezes = [ { scope = ");
  }

  @Override
  protected void repairPlace() throws IOException {
    Files.delete(file());
    Files.move(folder.resolve("kept"), file());
  }

  private Path file() {
    return folder.resolve("freeze.conf");
  }
}
