// What goes back to the bureaus and to the people on watch. Values in, bytes out.
