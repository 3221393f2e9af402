"""Types of place in schema.org's vocabulary that a listing can be: `Place` and what lies below it there."""

NAMES = """
Place TouristAttraction TouristDestination LandmarksOrHistoricalBuildings
CivicStructure Airport Aquarium Beach BoatTerminal Bridge BuddhistTemple BusStation BusStop CatholicChurch
Cemetery Church Crematorium EducationalOrganization EventVenue GovernmentBuilding CityHall Courthouse Embassy
HinduTemple Hospital Mosque MovieTheater Museum MusicVenue Park ParkingFacility PerformingArtsTheater
PlaceOfWorship Playground PoliceStation PublicToilet RVPark StadiumOrArena SubwayStation Synagogue TaxiStand
TrainStation Zoo
Landform BodyOfWater Canal LakeBodyOfWater OceanBodyOfWater Pond Reservoir RiverBodyOfWater SeaBodyOfWater
Waterfall Continent Mountain Volcano
LocalBusiness
EntertainmentBusiness AmusementPark ArtGallery Casino ComedyClub NightClub
FoodEstablishment Bakery BarOrPub Brewery CafeOrCoffeeShop Distillery FastFoodRestaurant IceCreamShop Restaurant
Winery
HealthAndBeautyBusiness BeautySalon DaySpa HealthClub
LodgingBusiness BedAndBreakfast Campground Hostel Hotel Motel Resort SkiResort
SportsActivityLocation BowlingAlley ExerciseGym GolfCourse PublicSwimmingPool SportsClub TennisComplex
Store BookStore ClothingStore ConvenienceStore DepartmentStore Florist GroceryStore HobbyShop JewelryStore
LiquorStore MusicStore ShoppingCenter SportingGoodsStore ToyStore WholesaleStore
Library TouristInformationCenter TravelAgency InternetCafe RecyclingCenter
"""
PLACE_TYPES = frozenset(NAMES.split())
