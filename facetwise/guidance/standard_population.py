"""The European Standard Population 2013: the ages that directly standardised rates are weighed by."""

from facetwise.language.citation import Read, Source

EUROSTAT_2013 = Source(
    id="eurostat-esp-2013",
    title="Revision of the European Standard Population, report of Eurostat's task force",
    publisher="Eurostat",
    version="2013 edition, with 90 and over as the last band",
    url="https://ec.europa.eu/eurostat/web/products-manuals-and-guidelines/-/ks-ra-13-028",
    read=Read.SECONDARY,
)

AGE_BANDS = (*(f"{low}-{low + 4}" for low in range(0, 90, 5)), "90+")
ESP_2013 = (
    *(5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000),
    *(7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000),
)
