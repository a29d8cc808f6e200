package photos;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application like any other: nothing in it knows of roles. */
@SpringBootApplication
public class PhotosApplication {
  public static void main(String[] args) {
    SpringApplication.run(PhotosApplication.class, args);
  }
}
