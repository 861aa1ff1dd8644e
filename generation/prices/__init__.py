"""What models cost: published prices are stored in the database, where web and workers read them."""
