"""The demonstration catalogues, and the records beside datasets: a series, a service, two tools."""

# id: publisher, issued, countries, titles, descriptions
CATALOGUES = {
    "chaimeleon": ("chaimeleon", "2023-11-20", "ESP ITA FRA PRT NLD",
        {"en": "CHAIMELEON repository", "es": "Repositorio CHAIMELEON"},
        {"en": "Harmonised images of lung, breast, prostate and colorectal cancer with clinical data from European hospitals.",
         "es": "Imágenes armonizadas de cáncer de pulmón, mama, próstata y colorrectal con datos clínicos de hospitales europeos."}),
    "eucanimage": ("eucanimage", "2024-06-14", "ESP NLD LTU SWE POL ITA ROU AUT",
        {"en": "EuCanImage platform"},
        {"en": "Images of liver, breast and colorectal cancer, each collection built around one clinical question."}),
    "incisive": ("incisive", "2024-03-18", "GRC CYP SRB ITA ESP",
        {"en": "INCISIVE pan-European repository", "el": "Πανευρωπαϊκό αποθετήριο INCISIVE"},
        {"en": "Images of lung, breast, colorectal and prostate cancer at fixed points in time, with quality reports.",
         "el": "Εικόνες καρκίνου πνεύμονα, μαστού, παχέος εντέρου και προστάτη σε σταθερά χρονικά σημεία, με αναφορές ποιότητας."}),
    "procancer-i": ("procancer", "2023-05-22", "GRC ITA PRT ESP NLD FRA LTU BEL GBR",
        {"en": "ProCAncer-I: prostate cancer imaging", "pt": "ProCAncer-I: imagem do cancro da próstata"},
        {"en": "Magnetic resonance, PET-CT and histology of prostate cancer, sorted by clinical scenario.",
         "pt": "Ressonância magnética, PET-CT e histologia do cancro da próstata, ordenadas por cenário clínico."}),
    "primage": ("primage", "2022-10-11", "ESP DEU AUT ITA FRA",
        {"en": "PRIMAGE: childhood cancer imaging", "de": "PRIMAGE: Bildgebung bei Krebs im Kindesalter"},
        {"en": "Images of neuroblastoma and diffuse intrinsic pontine glioma in children.",
         "de": "Bilder von Neuroblastomen und diffusen intrinsischen Ponsgliomen bei Kindern."}),
    "public-archives": ("archive", "2021-10-27", "USA NLD DEU CAN",
        {"en": "Public archives of cancer images"},
        {"en": "Openly licensed collections of cancer images that anyone can download."}),
    "neuro-archive": ("neuro", "2019-09-09", "USA GBR BEL DEU SVN",
        {"en": "Open neuro-oncology archive"},
        {"en": "Brain tumour imaging in the BIDS layout, with open or simple access."}),
    "hospital-biobanks": ("helsinki", "2024-10-21", "FIN POL NLD SWE NOR DEU CZE AUT HUN BEL SVN",
        {"en": "Hospital biobanks and registries", "fi": "Sairaalabiopankit ja rekisterit", "de": "Krankenhaus-Biobanken und Register"},
        {"en": "Collections held by hospitals, biobanks and registries, reached by application at the holder.",
         "fi": "Sairaaloiden, biopankkien ja rekisterien kokoelmia, joihin haetaan pääsyä haltijalta.",
         "de": "Sammlungen von Krankenhäusern, Biobanken und Registern, zugänglich auf Antrag beim Halter."}),
    "screening": ("copenhagen", "2024-05-27", "DNK HRV IRL",
        {"en": "Cancer screening programmes", "da": "Kræftscreeningsprogrammer", "hr": "Programi probira raka"},
        {"en": "Images of organised screening for breast and lung cancer.",
         "da": "Billeder fra organiseret screening for bryst- og lungekræft.",
         "hr": "Slike iz organiziranog probira raka dojke i pluća."}),
}

OTHERS = {
    "procancer-i": '''<series/prostate-follow-up>
    a dcat:DatasetSeries ;
    dct:title "Prostate cancer over time"@en , "Cancro da próstata ao longo do tempo"@pt ;
    dct:description "Collections that follow the same men over several examinations. Demonstration record: modelled on public information, it offers no real data."@en ;
    dcat:contactPoint [
        a vcard:Organization ;
        vcard:fn "ProCAncer-I consortium" ;
        vcard:hasEmail <mailto:contact@procancer-i.example.org>
    ] ;
    dct:publisher [ a foaf:Agent ; foaf:name "ProCAncer-I consortium"@en ; dct:type <%(health)spublisher-type/researchInstitution> ] ;
    dct:accrualPeriodicity <%(eu)sfrequency/IRREG> ;
    dct:issued "2024-07-01"^^xsd:date ;
    dct:isPartOf <catalog/procancer-i> .

<tool/prostate-outliner>
    a schema:SoftwareApplication ;
    dct:title "Prostate outliner"@en ;
    dct:description "Outlines the prostate gland and its zones on T2-weighted MRI. Demonstration record: it offers no real software."@en ;
    schema:applicationCategory "Segmentation" ;
    schema:softwareVersion "1.2.0" ;
    dcat:version "1.2.0" ;
    schema:url <https://tools.example.org/prostate-outliner> ;
    eucaim:hasImageModality eucaim:IMG1000038 ;
    eucaim:hasImageBodyPart eucaim:BP1000021 ;
    dct:publisher [ a foaf:Agent ; foaf:name "ProCAncer-I consortium"@en ] ;
    dct:license <https://spdx.org/licenses/Apache-2.0> ;
    dcat:keyword "demonstration data"@en , "segmentation"@en ;
    dct:isPartOf <catalog/procancer-i> .
''',
    "chaimeleon": '''<tool/image-quality-check>
    a schema:SoftwareApplication ;
    dct:title "Image quality check"@en , "Control de calidad de imagen"@es ;
    dct:description "Reads a folder of DICOM studies and reports missing series, wrong dates and broken files. Demonstration record: it offers no real software."@en ;
    schema:applicationCategory "Quality control" ;
    schema:softwareVersion "0.8.1" ;
    dcat:version "0.8.1" ;
    schema:url <https://tools.example.org/image-quality-check> ;
    eucaim:hasImageModality eucaim:IMG1000042 , eucaim:IMG1000038 , eucaim:IMG1004455 ;
    dct:publisher [ a foaf:Agent ; foaf:name "CHAIMELEON consortium"@en ] ;
    dct:license <https://spdx.org/licenses/Apache-2.0> ;
    dcat:keyword "demonstration data"@en , "quality control"@en ;
    dct:isPartOf <catalog/chaimeleon> .
''',
    "public-archives": '''<service/public-dicomweb>
    a dcat:DataService ;
    dct:title "DICOMweb access to the public collections"@en ;
    dct:description "Search and retrieve studies over DICOMweb. Demonstration record: modelled on public information, it offers no real service."@en ;
    dcat:endpointURL <https://public-archive.example.org/dicomweb> ;
    dcat:endpointDescription <https://public-archive.example.org/dicomweb/conformance> ;
    dct:conformsTo <https://www.dicomstandard.org/using/dicomweb> ;
    dcat:servesDataset <dataset/public-lidc-idri> , <dataset/public-duke-breast-mri> , <dataset/public-prostatex> ;
    dcat:contactPoint [
        a vcard:Organization ;
        vcard:fn "Public imaging archive, European mirror" ;
        vcard:hasEmail <mailto:contact@public-archive.example.org>
    ] ;
    dct:publisher [ a foaf:Agent ; foaf:name "Public imaging archive, European mirror"@en ; dct:type <%(health)spublisher-type/researchInstitution> ] ;
    dcat:theme <%(eu)sdata-theme/HEAL> ;
    dcat:keyword "demonstration data"@en , "DICOMweb"@en ;
    dct:accessRights <%(eu)saccess-right/PUBLIC> ;
    dct:license <%(eu)slicence/CC_BY_4_0> ;
    dcat:version "1.0.0" ;
    dct:isPartOf <catalog/public-archives> .
''',
}
